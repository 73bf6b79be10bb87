/** Persian ۰–۹ and Arabic ٠–٩ as 0–9; all else as it is. For fields that hold numbers and codes. */
export const latinDigits = (text: string): string =>
  text.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 0xf));

/** 0–9 as ۰–۹, for showing. */
export const persianDigits = (text: string): string => text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));

/**
 * Text as it is stored and shown: Persian ی and ک, one space between words, no direction marks or tatweel,
 * and a half-space (ZWNJ) only between letters. Digits stay as they were written.
 */
export const normalise = (text: string): string =>
  text
    .replace(/[\u0640\u00ad\u200b\u200d-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .normalize('NFC')
    .replace(/[يى]/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/[\s\u200c]*\s[\s\u200c]*/g, ' ')
    .replace(/\u200c+/g, '\u200c')
    .replace(/^[\s\u200c]+|[\s\u200c]+$/g, '');

const foldedLetters: Readonly<Record<string, string>> = { ي: 'ی', ى: 'ی', ك: 'ک', ة: 'ه', ە: 'ه', ہ: 'ه', ھ: 'ه' };

/** Text for searching, comparing and hashing, never for showing: two spellings a reader takes for one word fold to the same text. */
export const fold = (text: string): string =>
  latinDigits(normalise(text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')))
    .replace(/[يىكةەہھ]/g, (letter) => foldedLetters[letter] ?? letter)
    .replace(/\u200c/g, '')
    .toLowerCase();

/** A document number or code for hashing: folded, and nothing but letters and digits («الف-۱۲/۳» = «الف ۱۲ ۳»). */
export const foldCode = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '');

/** A typed code with digits made Latin and the marks people put between them taken out. */
export const compactCode = (text: string): string => latinDigits(text).replace(/[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069_-]/g, '').toUpperCase();

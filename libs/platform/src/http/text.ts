/** Persian (۰–۹) and Arabic (٠–٩) digits as ASCII. */
export const asciiDigits = (text: string): string =>
  text.replace(/[۰-۹٠-٩]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));

/** Trimmed, composed (NFC), with the Persian forms of yeh and kaf that Arabic keyboards mistype. */
export const persianText = (text: string): string => text.normalize('NFC').trim().replace(/[يى]/g, 'ی').replace(/ك/g, 'ک');

/**
 * Whether there is in it what is no text: U+0000 and half a surrogate pair are refused by Postgres, other controls hide in names and logs.
 * Line breaks and tabs are text.
 */
export const hasControl = (text: string): boolean => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Surrogate}/u.test(text);

/** Persian (۰–۹) and Arabic (٠–٩) digits as ASCII. */
export const asciiDigits = (text: string): string =>
  text.replace(/[۰-۹٠-٩]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));

/** Trimmed, composed (NFC), with the Persian forms of yeh and kaf that Arabic keyboards mistype. */
export const persianText = (text: string): string => text.normalize('NFC').trim().replace(/[يى]/g, 'ی').replace(/ك/g, 'ک');

/** Where bank files are exchanged; without it a real deployment cannot pay and says so at start. */
export const bankFolder = (): string | undefined => process.env['BANK_FOLDER'];

/** Rows as CSV (RFC 4180) with a byte-order mark, so that spreadsheets read Persian. Lists are joined with spaces. */
export const csvOf = <K extends string>(columns: readonly K[], rows: readonly Readonly<Record<K, unknown>>[]): string =>
  `\ufeff${[columns, ...rows.map((row) => columns.map((column) => cell(row[column])))].map((line) => line.join(',')).join('\r\n')}\r\n`;

const cell = (value: unknown): string => {
  const text = Array.isArray(value) ? value.join(' ') : value === undefined || value === null ? '' : String(value);
  // A cell that begins like a formula would be run by a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

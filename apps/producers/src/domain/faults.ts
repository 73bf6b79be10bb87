import type { Checked } from '@peyvand/kernel';

/** One thing wrong with what a person sent: where it stands in the body, and what is wrong with it. */
export type Fault = { readonly path: string; readonly code: string };

/** The checked value, or undefined after noting the fault. */
export const checked = <T>(faults: Fault[], path: string, result: Checked<T>): T | undefined => {
  if (result.ok) return result.value;
  faults.push({ path, code: result.reason });
  return undefined;
};

/** Like `checked` for a field that may be left out. */
export const checkedIfGiven = <T>(faults: Fault[], path: string, text: string | undefined, parse: (text: string) => Checked<T>): T | undefined =>
  text === undefined ? undefined : checked(faults, path, parse(text));

/** Notes a fault at every entry whose key an earlier entry already has. */
export const noRepeats = <T>(faults: Fault[], entries: readonly T[], key: (entry: T) => string | undefined, path: (index: number) => string, code: string): void => {
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    const of = key(entry);
    if (of === undefined) return;
    if (seen.has(of)) faults.push({ path: path(index), code });
    seen.add(of);
  });
};

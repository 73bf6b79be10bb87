import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { day, isDay, newId } from '@peyvand/kernel';
import { z } from 'zod';
import { reactions, type TaxAnswer } from '../domain/tax-document.js';
import { TaxSystem, type BuyersReaction, type TaxInvoice } from './tax-system.js';

/**
 * The tax system by file, for a gateway of the installation's own (or a trusted company, شرکت معتمد) that signs and sends: each batch is a file of
 * JSON lines in `<folder>/out`, answers are JSON lines in `<folder>/answers`, matched by tax id:
 * `{"taxId", "outcome": "registered", "on": "YYYY-MM-DD", "reaction"?, "reason"?}` or `{"taxId", "outcome": "refused", "reason"}`.
 * Files are read at every question and left where they are. One is whole when its last line is ended; write it under another name and rename it.
 */
export class FileTax extends TaxSystem {
  private written: Set<string> | undefined;

  constructor(private readonly folder: string) {
    super();
  }

  /** A document written before, by this process or one before it, is not written again (two processes at once may: the gateway tells by tax id). */
  async sendMany(invoices: readonly TaxInvoice[]): Promise<readonly TaxAnswer[]> {
    const written = (this.written ??= await this.alreadyWritten());
    const fresh = invoices.filter(({ taxId }) => !written.has(taxId));
    if (fresh.length > 0) await this.write('documents', fresh);
    for (const { taxId } of fresh) written.add(taxId);
    return [];
  }

  async news(): Promise<readonly TaxAnswer[]> {
    const folder = join(this.folder, 'answers');
    const texts = await Promise.all((await filesIn(folder)).map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
    return texts.filter(({ text }) => text.endsWith('\n')).flatMap(({ name, text }) => linesOf(text).map((line) => answerOf(name, line)));
  }

  react(reaction: BuyersReaction): Promise<void> {
    return this.write('reactions', [reaction]);
  }

  private async alreadyWritten(): Promise<Set<string>> {
    const folder = join(this.folder, 'out');
    const texts = await Promise.all((await filesIn(folder)).filter((name) => name.startsWith('documents-')).map((name) => readFile(join(folder, name), 'utf8')));
    return new Set(texts.flatMap(linesOf).map((line) => (JSON.parse(line) as { taxId: string }).taxId));
  }

  /** Under its name only when it is whole, so that the gateway never takes half of it. */
  private async write(kind: 'documents' | 'reactions', lines: readonly object[]): Promise<void> {
    const [folder, name] = [join(this.folder, 'out'), `${kind}-${newId()}.jsonl`];
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `.${name}.part`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flush: true });
    await rename(join(folder, `.${name}.part`), join(folder, name));
  }
}

/** By name, which is the order they are read in; a folder that nobody made yet is empty. */
const filesIn = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith('.jsonl') && !name.startsWith('.')).sort();
};

const linesOf = (text: string): string[] => text.replace(/^\ufeff/, '').split('\n').filter((line) => line.trim() !== '');

const answerOf = (name: string, line: string): TaxAnswer => {
  const parsed = answer.safeParse(jsonOf(line));
  if (!parsed.success) throw new Error(`The tax system’s file ${name} has a line that is no answer: ${line.slice(0, 200)}`);
  return parsed.data;
};

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const answer = z.discriminatedUnion('outcome', [
  z.object({ taxId: z.string(), outcome: z.literal('refused'), reason: z.string() }),
  z.object({ taxId: z.string(), outcome: z.literal('registered'), on: z.string().refine(isDay).transform(day), reaction: z.enum(reactions).optional(), reason: z.string().optional() }),
]);

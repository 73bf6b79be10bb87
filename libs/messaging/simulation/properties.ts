import type { Cluster } from './broker.js';
import type { Database } from './database.js';
import { errandBroken, type Bank } from './errands.js';
import type { Fields } from './rows.js';
import { limitsBroken } from './limits.js';
import { isStrange } from './strangers.js';
import { Answered, dueOf, Permitted, service, type Told } from './story.js';

export type Published = { readonly key: string; readonly n: number; outcome: 'open' | 'stored' | 'refused' | 'unknown' };

const textOf = (n: unknown, key: unknown): string => `fact ${String(n)} of ${String(key)}`;

/** What must hold when all is quiet; answers the first thing that does not. */
export const brokenBy = (database: Database, cluster: Cluster, published: readonly Published[], bank: Bank): string | undefined => {
  const facts = database.committed('facts').map((fact) => ({ ...fact, told: JSON.parse(String(fact.data)) as Told }) as Fields & { told: Told });
  const kindOf = (n: number): string => kinds.get(n) ?? '';
  const effects = database.committed('effect').sort((a, b) => (a.place as number) - (b.place as number));
  const own = facts.filter(({ type }) => type !== Answered.type);
  const kinds = new Map(own.map(({ told }) => [told.n, told.kind]));
  return storedAsAnswered(own, published) ?? onceEach(facts, cluster, effects) ?? whatFollows(own, effects) ?? inOrder(cluster, effects) ?? dueInOrder(database, effects) ?? errandBroken(database, bank, kindOf) ?? limitsBroken(database, kindOf);
};

const storedAsAnswered = (own: readonly { told: Told }[], published: readonly Published[]): string | undefined => {
  const stored = new Set(own.map(({ told }) => told.n));
  for (const { key, n, outcome } of published) {
    if (outcome === 'stored' && !stored.has(n)) return `${textOf(n, key)} was answered as stored and is not`;
    if (outcome === 'refused' && stored.has(n)) return `${textOf(n, key)} was answered as not stored and is`;
  }
  return undefined;
};

const onceEach = (facts: readonly (Fields & { told: Told })[], cluster: Cluster, effects: readonly Fields[]): string | undefined => {
  const times = new Map<unknown, number>();
  for (const { id } of effects) times.set(id, (times.get(id) ?? 0) + 1);
  const permits = firstArrivals(cluster, Permitted.topic).map(({ id, n, key }) => ({ id, told: { n, orderId: key } }));
  for (const { id, told } of [...facts, ...permits]) {
    const count = times.get(id) ?? 0;
    if (count !== 1) return `${textOf(told.n, told.orderId)} took effect ${count} times`;
  }
  for (const [id, count] of times) if (count > 1) return `${String(id)} took effect ${count} times`;
  return undefined;
};

const whatFollows = (own: readonly { told: Told }[], effects: readonly Fields[]): string | undefined => {
  for (const [kind, by] of [['sets', 'due'], ['answers', 'answered']] as const) {
    const wanted = own.filter(({ told }) => told.kind === kind).map(({ told }) => `${told.orderId}-${told.n}`).sort().join();
    const got = effects.filter((effect) => effect.by === by).map(({ key, n }) => (by === 'due' ? String(key) : `${String(key)}-${String(n)}`)).sort().join();
    if (wanted !== got) return `of ${kind} there should follow ${wanted || 'nothing'}, and there followed ${got || 'nothing'}`;
  }
  return undefined;
};

/** Effects of a key come in the order in which its facts first reached the broker, which is the order in which they were published. */
const inOrder = (cluster: Cluster, effects: readonly Fields[]): string | undefined => {
  const place = new Map(effects.map((effect, at) => [effect.id, at]));
  const lastOf = new Map<string, { n: number; at: number }>();
  for (const { id, key, n, type } of firstArrivals(cluster, `peyvand.${service}`)) {
    const at = place.get(id) ?? -1;
    const line = `${key} ${type === Answered.type ? 'answers' : ''}`;
    const before = lastOf.get(line);
    if (before !== undefined && type !== Answered.type && n < before.n) return `${textOf(n, key)} reached the broker after fact ${before.n}`;
    if (before !== undefined && at < before.at) return `${textOf(n, key)} took effect before fact ${before.n}, which reached the broker first`;
    lastOf.set(line, { n, at });
  }
  return undefined;
};

const firstArrivals = (cluster: Cluster, topic: string): { id: string; key: string; n: number; type: string }[] => {
  const seen = new Map<string, { id: string; key: string; n: number; type: string }>();
  for (const [place, log] of cluster.log) {
    if (!place.startsWith(`${topic}/`)) continue;
    for (const { headers, key, value } of log.filter((message) => !isStrange(message))) {
      const id = headers.ce_id ?? '';
      if (!seen.has(id)) seen.set(id, { id, key, n: (JSON.parse(value) as Told).n, type: headers.ce_type ?? '' });
    }
  }
  return [...seen.values()];
};

/** Each fires at its own due time, never before it, and those of one transaction in due order. */
const dueInOrder = (database: Database, effects: readonly Fields[]): string | undefined => {
  const since = new Map([...database.table('effect').values()].flatMap((row) => row.history.map((one) => [one.fields?.id, one.since] as const)));
  let last = { commit: -1, due: 0 };
  for (const effect of effects.filter(({ by }) => by === 'due')) {
    const [, , due, told] = String(effect.id).split('/').map(Number) as [number, number, number, number];
    if (due !== dueOf(effect.n as number) || told !== due) return `deadline ${String(effect.key)} fired as of ${told}, due at ${due}`;
    if ((effect.at as number) < due) return `deadline ${String(effect.key)} fired ${due - (effect.at as number)} ms early`;
    const commit = since.get(effect.id) ?? 0;
    if (commit === last.commit && due < last.due) return `deadline ${String(effect.key)} fired after one that was due later`;
    last = { commit, due };
  }
  return undefined;
};

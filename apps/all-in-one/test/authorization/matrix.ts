import { createHmac, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { contractOf, visibleTo } from '@peyvand/contracts';
import { bodyOf, type Schema } from './bodies.js';
import { databaseOf, thingsAt, type Thing } from './objects.js';

type Operation = { readonly 'x-roles'?: readonly string[]; readonly 'x-strangers'?: string; readonly parameters?: readonly { readonly name: string; readonly in: string }[]; readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> } };
type Api = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>; readonly components: { readonly schemas: Readonly<Record<string, Schema>> } };
type User = { readonly user: string; readonly party: { readonly id: string }; readonly roles: readonly string[] };
export type Route = { readonly method: string; readonly path: string; readonly operation: Operation; readonly roles: readonly string[] };
type Answer = { readonly status: number; readonly body: string };

/** Everybody of the demo, and every route with who may call it, as the API describes itself. */
export type Stage = { readonly url: string; readonly routes: readonly Route[]; readonly users: readonly User[]; readonly api: Api; ask(user: User | undefined, route: Route, id?: Readonly<Record<string, string>>, body?: unknown): Promise<Answer>; raw(route: Route, headers: Readonly<Record<string, string>>): Promise<Answer>; get(user: User, path: string): Promise<Answer> };

export const stageAt = async (url: string): Promise<Stage> => {
  const api = await (await fetch(`${url}/api/openapi.json`)).json() as Api;
  const { items: users } = await (await fetch(`${url}/api/auth/users`)).json() as { items: User[] };
  const routes = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): Route => ({ method: method.toUpperCase(), path, operation, roles: operation['x-roles'] ?? [] })));
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (user: string): Promise<string> => {
    const known = tokens.get(user) ?? fetch(`${url}/api/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user }) }).then(async (reply) => (await reply.json() as { access_token: string }).access_token);
    tokens.set(user, known);
    return known;
  };
  const send = async (method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<Answer> => {
    const reply = await fetch(`${url}${path}`, { method, headers: { 'accept-language': 'en', 'idempotency-key': randomUUID(), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: reply.status, body: await reply.text() };
  };
  return {
    url, api, routes, users,
    ask: async (user, { method, path }, ids = {}, body) =>
      send(method, path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? randomUUID()), user === undefined ? {} : { authorization: `Bearer ${await tokenOf(user.user)}` }, body),
    raw: ({ method, path }, headers) => send(method, path.replace(/\{\w+\}/g, () => randomUUID()), headers, method === 'GET' ? undefined : {}),
    get: async (user, path) => send('GET', path, { authorization: `Bearer ${await tokenOf(user.user)}` }),
  };
};

export type Report = { routes: number; objectRoutes: number; attacks: number; facts: number; answers: Record<number, number> };
export const count = (report: Report, { status }: Answer): void => {
  report.attacks += 1;
  report.answers[status] = (report.answers[status] ?? 0) + 1;
};

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const bodyFor = ({ api }: Stage, { operation }: Route): unknown => {
  const schema = operation.requestBody?.content['application/json']?.schema;
  return schema === undefined ? undefined : bodyOf(schema, api.components.schemas);
};

/** Operators' routes to what stands still name a group and a fact of any service: nobody's but theirs. */
const isOperators = ({ roles }: Route): boolean => roles.length === 1 && roles[0] === 'operator';

/**
 * Every route that names a thing, asked for by everybody: a role that is not let in is answered 403; whoever is no party of the thing as the
 * route declares for strangers (404 unless it is everyone's); a party that may look sees it. Answers what was not so.
 */
export const attackThings = async (stage: Stage, report: Report): Promise<string[]> => {
  const wrong: string[] = [];
  for (const route of stage.routes.filter(({ path, roles }) => path.includes('{') && roles.length > 0)) {
    report.objectRoutes += 1;
    const things = isOperators(route) ? [{ id: randomUUID(), parties: [] }] : await thingsAt(route.path);
    const everyones = route.operation['x-strangers'] !== 'not-found';
    if (things === undefined || things.length === 0) {
      if (!everyones) wrong.push(`${nameOf(route)}: ${things === undefined ? 'nothing says where its things live' : 'there is no thing to attack'}`);
      continue;
    }
    for (const thing of things) for (const user of stage.users) {
      const answer = await attack(stage, route, thing, user, everyones, report);
      if (answer !== undefined) wrong.push(answer);
    }
  }
  return wrong;
};

const attack = async (stage: Stage, route: Route, thing: Thing, user: User, everyones: boolean, report: Report): Promise<string | undefined> => {
  const mayCall = user.roles.some((role) => route.roles.includes(role));
  const owns = thing.parties.includes(user.party.id) || (user.roles.includes('operator') && route.roles.includes('operator'));
  // An owner's write would be no attack and would change the world.
  if (mayCall && (owns || everyones) && route.method !== 'GET') return undefined;
  const [name] = /\{(\w+)\}/.exec(route.path)?.slice(1) ?? [];
  const answer = await stage.ask(user, route, name === undefined ? {} : { [name]: thing.id }, bodyFor(stage, route));
  count(report, answer);
  const fault = (wanted: string) => `${nameOf(route)} of ${thing.id} by ${user.user}: ${answer.status}, wanted ${wanted}: ${answer.body.slice(0, 200)}`;
  if (!mayCall) return answer.status === 403 ? undefined : fault('403');
  if (!owns && !everyones) return answer.status === 404 ? undefined : fault('404');
  // The same thing exists for its own people: the 404 above hid it. Some is for other parties of it (a carrier sees no price).
  return [200, 404].includes(answer.status) ? undefined : fault('200');
};

/** Tokens nobody may be let in with, on every route that wants one. */
export const attackTokens = async (stage: Stage, report: Report): Promise<string[]> => {
  const [user] = stage.users;
  if (user === undefined) throw new Error('Nobody to pretend to be');
  const jwks = await (await fetch(`${stage.url}/api/auth/jwks.json`)).json() as { keys: { kid: string }[] };
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = encode({ iss: 'urn:peyvand:demo', aud: 'peyvand', sub: 'x', exp: 4_102_444_800, memberships: [{ party: user.party.id, roles: ['operator', ...user.roles] }] });
  const signed = (head: object, secret: string): string => `${encode(head)}.${claims}.${createHmac('sha256', secret).update(`${encode(head)}.${claims}`).digest('base64url')}`;
  const kid = jwks.keys[0]?.kid ?? '';
  const bad = { 'no token': undefined, 'no signature': `${encode({ alg: 'none', kid })}.${claims}.`, 'HS256 with the public key as the secret': signed({ alg: 'HS256', kid }, JSON.stringify(jwks.keys[0])), 'an unknown key': signed({ alg: 'RS256', kid: 'other' }, 'x'), 'no JWT': 'nonsense' };
  const wrong: string[] = [];
  for (const route of stage.routes.filter(({ roles }) => roles.length > 0)) {
    for (const [what, token] of Object.entries(bad)) {
      const answer = await stage.raw(route, token === undefined ? {} : { authorization: `Bearer ${token}` });
      count(report, answer);
      if (answer.status !== 401) wrong.push(`${nameOf(route)} with ${what}: ${answer.status}`);
    }
  }
  return wrong;
};

/** Fields nobody asked for, the ones that would matter most, on every write that takes JSON. */
export const attackFields = async (stage: Stage, report: Report): Promise<string[]> => {
  const wrong: string[] = [];
  for (const route of stage.routes.filter(({ method, roles, operation }) => method !== 'GET' && roles.length > 0 && operation.requestBody?.content['application/json'] !== undefined)) {
    const user = stage.users.find(({ roles }) => roles.some((role) => route.roles.includes(role)));
    if (user === undefined) continue;
    const body = bodyFor(stage, route);
    for (const extra of [{ partyId: user.party.id }, { parties: [user.party.id] }, { rowVersion: 99 }, { settledBy: user.party.id, matched: 1 }, JSON.parse('{"__proto__":{"roles":["operator"]},"constructor":1}') as object]) {
      const answer = await stage.ask(user, route, {}, { ...(body as object), ...extra });
      count(report, answer);
      if (answer.status !== 400) wrong.push(`${nameOf(route)} with ${Object.keys(extra)}: ${answer.status} ${answer.body.slice(0, 160)}`);
    }
  }
  return wrong;
};

type Told = { readonly id: string; readonly type: string; readonly data: unknown };

/**
 * Everybody's feed and everybody's stories: each fact in them is one whose audience names the reader, with the fields that the audience
 * names and no other.
 */
export const readEverything = async (stage: Stage, report: Report): Promise<string[]> => {
  const [edge, orders] = [await databaseOf('edge'), await databaseOf('orders')];
  try {
    const facts = new Map((await edge.query<Told>('select id, type, data from heard')).rows.map((fact) => [fact.id, fact]));
    const orderIds = (await orders.query<{ id: string }>('select distinct on (parties) order_id as id from orders order by parties, order_id desc limit 8')).rows.map(({ id }) => id);
    const wrong: string[] = [];
    const check = (user: User, where: string, told: readonly Told[], everything: boolean): void => {
      for (const { id, type, data } of told) {
        const [fact, contract] = [facts.get(id), contractOf(type)];
        const visible = fact === undefined || contract === undefined ? undefined : everything ? fact.data : visibleTo(contract, fact.data, user.party.id);
        if (visible === undefined || !isDeepStrictEqual(JSON.parse(JSON.stringify(visible)), data)) wrong.push(`${user.user} reads ${type} ${id} in ${where}: ${JSON.stringify(data).slice(0, 200)}`);
      }
      report.facts += told.length;
    };
    for (const user of stage.users) {
      for (let [after, pages] = ['', 0]; pages < 5; pages++) {
        const answer = await stage.get(user, `/api/events?limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
        count(report, answer);
        if (answer.status !== 200) break;
        const { items, next } = JSON.parse(answer.body) as { items: Told[]; next: string };
        check(user, 'the feed', items, false);
        if (items.length === 0) break;
        after = next;
      }
      for (const id of orderIds) {
        const answer = await stage.get(user, `/api/orders/${id}/story`);
        count(report, answer);
        if (answer.status === 200) check(user, `the story of ${id}`, (JSON.parse(answer.body) as { facts: Told[] }).facts, user.roles.includes('operator'));
      }
    }
    return wrong;
  } finally {
    await Promise.all([edge.end(), orders.end()]);
  }
};

/** One print of every row that belongs to somebody, over all services. */
export const printOfEverything = async (): Promise<Record<string, string>> => {
  const prints: Record<string, string> = {};
  for (const service of ['producers', 'retailers', 'orders', 'financing', 'delivery']) {
    const client = await databaseOf(service);
    const { rows } = await client.query<{ name: string }>(`select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'parties' where c.relkind = 'r' and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`);
    for (const { name } of rows) prints[`${service}.${name}`] = (await client.query<{ print: string }>(`select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as print from "${name}" t`)).rows[0]?.print ?? '';
    await client.end();
  }
  return prints;
};

export const expectNothing = (what: string, wrong: readonly string[]): void => {
  if (wrong.length > 0) process.stderr.write(`${what}: ${wrong.length}\n${wrong.slice(0, 40).join('\n')}\n`);
  expect(wrong.slice(0, 10)).toEqual([]);
};

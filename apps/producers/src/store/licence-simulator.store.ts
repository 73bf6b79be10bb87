import type { Source } from '@peyvand/messaging';
import type { Behaviour } from '../licence-authority/simulated-authority.js';

export const readBehaviour = async (source: Source): Promise<Behaviour | undefined> =>
  (await source.pool.query<{ behaviour: Behaviour }>('select behaviour from licence_simulator')).rows[0]?.behaviour;

export const writeBehaviour = async (source: Source, behaviour: Behaviour): Promise<void> => {
  await source.pool.query('insert into licence_simulator (behaviour) values ($1) on conflict (one) do update set behaviour = excluded.behaviour', [JSON.stringify(behaviour)]);
};

import { appendFileSync } from 'node:fs';
import { hashOfSeal, type Seal } from '@peyvand/messaging';
import type { Config } from '../platform.config.js';
import type { Log } from './log.js';

/** Keeps every seal where the database's owner has no hand: in the log, and in the file SEAL_ANCHORS names. `npm run audit -- --anchors` reads both. */
export const anchorOf = ({ sealAnchors }: Pick<Config, 'sealAnchors'>, log: Log) => (seal: Seal): void => {
  const line = { ...seal, hash: hashOfSeal(seal) };
  log.info({ seal: line }, 'facts sealed');
  if (sealAnchors === undefined) return;
  try {
    appendFileSync(sealAnchors, `${JSON.stringify({ seal: line })}\n`);
  } catch (error) {
    log.error({ error, file: sealAnchors }, 'a seal could not be kept outside the database');
  }
};

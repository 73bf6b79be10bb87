import { expectedVersion, problem, type Caller } from '@peyvand/platform';

/** Where a client says with If-Match which version it decided on, another version means that it decided on old news. Throws 412. */
export const checkVersion = (caller: Caller, version: number): void => {
  if (caller.ifMatch !== undefined && expectedVersion(caller) !== version) throw problem('version-mismatch');
};

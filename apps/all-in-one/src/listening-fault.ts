import { CannotStart } from './cannot-start.js';

/** What a refused listen means to a person; undefined for any other error. */
export const listeningFault = (error: unknown, { port, host }: { port: number; host: string }): CannotStart | undefined => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new CannotStart(`port ${port} of ${host} is taken by another program. Choose another: PORT=${port + 1} npm start`);
  if (code === 'EACCES') return new CannotStart(`port ${port} needs rights this user does not have. Choose one above 1023: PORT=8080 npm start`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new CannotStart(`${host} is not an address of this machine. Leave HOST out, or use HOST=0.0.0.0.`);
  if (error instanceof Error && error.constructor.name === 'ConfigError') return new CannotStart(error.message);
  return undefined;
};

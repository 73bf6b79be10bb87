import { problem, type Running } from '@peyvand/platform';

/** Outside a demonstration these addresses do not exist. */
export const onlyInDemo = (running: Running): void => {
  if (!running.config.demo) throw problem('route-not-found');
};

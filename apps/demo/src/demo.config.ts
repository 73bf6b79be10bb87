/** What the demo needs to know; injected, so that tests give their own. */
export class DemoSettings {
  constructor(
    /** Where the public API answers: the demo is one of its clients like any other. */
    readonly apiUrl: string,
    /** False: the module answers, but makes no firms and nobody acts (`npm start -- --empty`). */
    readonly world: boolean,
    /** Wall milliseconds between two orders of the chains. */
    readonly orderEveryMs: number,
    /** Addresses of all processes of the platform, to know when a jump of the clock is digested; empty: all run in this one. */
    readonly idleUrls: readonly string[],
  ) {}
}

export const readDemoSettings = (env: NodeJS.ProcessEnv = process.env): DemoSettings =>
  new DemoSettings(
    env['DEMO_API_URL'] ?? `http://127.0.0.1:${env['PORT'] ?? '8080'}`,
    env['DEMO_WORLD'] !== 'empty',
    Number(env['DEMO_ORDER_EVERY_MS'] ?? 4_000),
    (env['DEMO_PROCESS_URLS'] ?? '').split(',').map((url) => url.trim()).filter((url) => url !== ''),
  );

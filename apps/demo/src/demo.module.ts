import { defineService } from '@peyvand/platform';
import { AdvanceClockHttp } from './advance-clock/advance-clock.http.js';
import { Calm } from './advance-clock/calm.js';
import { DemoClock } from './advance-clock/demo-clock.js';
import { DemoSettings, readDemoSettings } from './demo.config.js';
import { LivePageHttp } from './live-page/live-page.http.js';
import { Play } from './play/play.js';
import { RunScenarioHttp } from './run-scenario/run-scenario.http.js';
import { Stage } from './run-scenario/stage.js';
import { Board } from './summary/board.js';
import { SummaryHttp } from './summary/summary.http.js';

/** The demo's world, its people and its live page. It reaches everything through the public HTTP API and owns no table. */
export const demo = defineService({
  name: 'demo',
  controllers: [AdvanceClockHttp, LivePageHttp, RunScenarioHttp, SummaryHttp],
  providers: [{ provide: DemoSettings, useFactory: () => readDemoSettings() }, Calm, DemoClock, Board, Play, Stage],
});

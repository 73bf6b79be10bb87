import { streamDefaults, type StreamSettings } from './stream-feed.js';

/** More are a client that forgets to close them. */
const mostOfAParty = 20;
/** What one process holds; more come to its replicas. */
const most = 2_000;

/** The open streams of this process, by party; and their settings, so that tests can bring others. */
export class FeedStreams {
  private all = 0;
  private readonly open = new Map<string, number>();

  constructor(readonly settings: StreamSettings = streamDefaults) {}

  of(party: string): number {
    return this.open.get(party) ?? 0;
  }

  /** False when there is no room for another one. */
  enter(party: string): boolean {
    if (this.of(party) >= mostOfAParty || this.all >= most) return false;
    this.all += 1;
    this.open.set(party, this.of(party) + 1);
    return true;
  }

  leave(party: string): void {
    this.all -= 1;
    if (this.of(party) > 1) this.open.set(party, this.of(party) - 1);
    else this.open.delete(party);
  }
}

import { Controller } from '@nestjs/common';
import { factContracts, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { FeedTail } from '../read-feed/feed-tail.js';
import { addToFeed } from '../store/feed.store.js';

@Controller()
export class KeepFeed {
  constructor(private readonly tail: FeedTail) {}

  /** Every fact of every service. Duplicates never come here: the inbox of the group takes them out. */
  @OnFacts(factContracts)
  async hear(facts: Fact[], tx: Tx): Promise<void> {
    await addToFeed(tx, facts);
    this.tail.poke();
  }
}

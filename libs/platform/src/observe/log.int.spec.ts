import { Body, Controller, Get, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { aParty, testService, type TestApp } from '@peyvand/testing';
import { z } from 'zod';
import { Caller } from '../auth/caller.js';
import { Allow } from '../auth/roles.js';
import { defineService } from '../define-service.js';
import { Text } from '../http/fields.js';
import { refusalTable } from '../http/refusals.js';
import { nothing, Replies } from '../http/replies.js';
import { done, write } from '../http/write.js';
import { makeLog } from './log.js';

class PersonBody {
  @Text() name: string;
}
const refusals = refusalTable({ 'name-refused': [422, 'نه. چیز دیگر.', 'No. Another.'] });

@Controller('api/retailers')
@Allow('buyer')
class PeopleHttp {
  constructor(private readonly source: Source) {}
  @Post('people/:id') @Replies(z.object({}), { refusals }) add(@Body() { name }: PersonBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async () => (name === 'refused' ? refuse('name-refused') : done({})));
  }
  @Get('broken') @Replies(nothing) broken() {
    throw Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'people_sheba', detail: 'Key (sheba)=(IR890120000000004000000201) exists' });
  }
}

describe('the log', () => {
  let app: TestApp;
  const lines: Record<string, unknown>[] = [];
  const party = aParty();
  beforeAll(async () => {
    app = await testService(defineService({ name: 'retailers', controllers: [PeopleHttp] }), {
      log: makeLog('info', { service: 'retailers' }, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) }),
    });
  });
  afterAll(() => app?.close());
  const logged = async (work: () => Promise<unknown>) => {
    lines.length = 0;
    await work();
    return [...lines];
  };
  const buyer = () => app.as({ party, roles: ['buyer'], subject: 'maryam.the.buyer' });

  it('has one line per request: what, how it ended, for whom, and the id to find the rest by', async () => {
    let correlationid: string | undefined;
    const found = await logged(async () => ({ headers: { 'x-correlation-id': correlationid } } = await buyer().post(`/api/retailers/people/${aParty()}?q=secret`, { name: 'Maryam Moghaddam' })));
    expect(found).toEqual([expect.objectContaining({
      level: 'info', service: 'retailers', msg: 'request', method: 'POST', route: '/api/retailers/people/:id', status: 201, ms: expect.any(Number), party, outcome: 'done', correlationid,
    })]);
    expect(JSON.stringify(found)).not.toMatch(/Maryam|secret|maryam|Bearer/);
  });

  it('says why a request was refused', async () => {
    const path = `/api/retailers/people/${aParty()}`;
    expect(await logged(() => buyer().post(path, { name: 'refused' }))).toMatchObject([{ status: 422, outcome: 'refused', reason: 'name-refused' }]);
    expect(await logged(() => buyer().post(path, {}))).toMatchObject([{ status: 400, outcome: 'failed', reason: 'validation-failed' }]);
    expect(await logged(() => app.as().post(path, {}))).toMatchObject([{ status: 401, outcome: 'failed', reason: 'token-missing' }]);
  });

  it('has the cause of an unforeseen failure without the row that caused it', async () => {
    const found = await logged(() => buyer().get('/api/retailers/broken'));
    expect(found).toMatchObject([{ level: 'error', msg: 'unforeseen', error: { message: 'duplicate key', code: '23505', constraint: 'people_sheba' } }, { msg: 'request', status: 500 }]);
    expect(found[0]?.['correlationid']).toBe(found[1]?.['correlationid']);
    expect(JSON.stringify(found)).not.toContain('IR89');
  });
});

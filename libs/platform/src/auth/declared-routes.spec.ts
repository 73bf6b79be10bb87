import { Controller, Delete, Get, Post } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { refuseUndeclaredRoutes, routesOf } from './declared-routes.js';
import { nothing, Replies } from '../http/replies.js';
import { Allow, Public } from './roles.js';

@Controller('api/declared')
class Declared {
  @Get(':id') @Allow('buyer') @Replies(nothing) one(): void {}
  @Post() @Public() @Replies(nothing) add(): void {}
  helper(): void {}
}

@Controller(['api/silent', 'api/quiet'])
class Silent {
  @Get() @Allow('buyer') @Replies(nothing) fine(): void {}
  @Delete(':id/lines') @Replies(nothing) forgotten(): void {}
}

@Controller('api/mute')
class Mute {
  @Get() @Allow('buyer') @Replies(nothing) fine(): void {}
  @Post(':id/answer') @Allow('buyer') forgotten(): void {}
}

@Controller()
class Consumer {
  handle(): void {}
}

describe('routes and what they declare', () => {
  it('are listed with method, path and access', () => {
    expect(routesOf([Declared, Consumer]).map(({ method, path, access }) => [method, path, access])).toEqual([
      ['GET', '/api/declared/:id', { public: false, roles: ['buyer'] }],
      ['POST', '/api/declared', { public: true }],
    ]);
  });

  it('stop the start when they declare nothing, each named', () => {
    expect(() => refuseUndeclaredRoutes([Declared, Consumer])).not.toThrow();
    expect(() => refuseUndeclaredRoutes([Declared, Silent])).toThrow(
      'These routes declare neither @Allow(…) nor @Public():\n  - DELETE /api/silent/:id/lines (Silent.forgotten)\n  - DELETE /api/quiet/:id/lines (Silent.forgotten)');
  });

  it('stop the start when they do not say what they answer', () => {
    expect(() => refuseUndeclaredRoutes([Declared, Mute])).toThrow('These routes do not say with @Replies(…) what they answer:\n  - POST /api/mute/:id/answer (Mute.forgotten)');
  });
});

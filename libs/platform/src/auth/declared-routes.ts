import { RequestMethod, type Type } from '@nestjs/common';
import { repliesOf, type ReplyShape } from '../http/replies.js';
import { accessOf, type Access } from './roles.js';

export type DeclaredRoute = {
  readonly controller: Type; readonly handler: string; readonly method: string; readonly path: string; readonly access?: Access; readonly replies?: ReplyShape;
};

/** Every HTTP route of these controllers with what it declares: who may call it and what it answers. */
export const routesOf = (controllers: readonly Type[]): DeclaredRoute[] =>
  controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((handler) => {
      const method: unknown = Object.getOwnPropertyDescriptor(controller.prototype, handler)?.value;
      if (handler === 'constructor' || typeof method !== 'function' || !Reflect.hasMetadata('path', method)) return [];
      const [access, replies] = [accessOf(controller, method), repliesOf(method)];
      return pathsOf(Reflect.getMetadata('path', controller)).flatMap((base) =>
        pathsOf(Reflect.getMetadata('path', method)).map((rest) => ({
          controller, handler,
          method: RequestMethod[Reflect.getMetadata('method', method) as number] ?? 'GET',
          path: `/${[base, rest].join('/').split('/').filter(Boolean).join('/')}`,
          ...(access === undefined ? {} : { access }),
          ...(replies === undefined ? {} : { replies }),
        })));
    }));

/** Throws naming every route that says neither who may call it nor that everybody may. */
export const refuseUndeclaredRoutes = (controllers: readonly Type[]): void => {
  const silent = routesOf(controllers).filter((route) => route.access === undefined);
  if (silent.length === 0) return;
  throw new Error(`These routes declare neither @Allow(…) nor @Public():\n${silent.map((route) => `  - ${route.method} ${route.path} (${route.controller.name}.${route.handler})`).join('\n')}`);
};

const pathsOf = (metadata: unknown): string[] => (Array.isArray(metadata) ? metadata.map(String) : [String(metadata ?? '')]);

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

/** Throws naming every route that does not say who may call it, or not what it answers. */
export const refuseUndeclaredRoutes = (controllers: readonly Type[]): void => {
  const routes = routesOf(controllers);
  const faults = [
    ...named('These routes declare neither @Allow(…) nor @Public():', routes.filter(({ access }) => access === undefined)),
    ...named('These routes do not say with @Replies(…) what they answer:', routes.filter(({ replies }) => replies === undefined)),
  ];
  if (faults.length > 0) throw new Error(faults.join('\n'));
};

const named = (fault: string, routes: readonly DeclaredRoute[]): string[] =>
  routes.length === 0 ? [] : [fault, ...routes.map((route) => `  - ${route.method} ${route.path} (${route.controller.name}.${route.handler})`)];

const pathsOf = (metadata: unknown): string[] => (Array.isArray(metadata) ? metadata.map(String) : [String(metadata ?? '')]);

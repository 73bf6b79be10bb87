import 'reflect-metadata';

export const roles = ['buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'funder', 'carrier', 'union', 'sponsor', 'operator'] as const;

/** What a person may do for a party (design §4.6). */
export type Role = (typeof roles)[number];

/** Who may call a route, as declared on it. */
export type Access = { readonly public: true } | { readonly public: false; readonly roles: readonly Role[] };

const key = 'peyvand:access';

type Decorator = MethodDecorator & ClassDecorator;

const declare = (access: Access): Decorator => ((target: object, _name?: string | symbol, descriptor?: TypedPropertyDescriptor<unknown>) => {
  Reflect.defineMetadata(key, access, descriptor?.value ?? target);
}) as Decorator;

/** People with one of these roles; the operator is let in only where named. On a class it holds for every route without its own word. */
export const Allow = (...allowed: readonly [Role, ...Role[]]): Decorator => declare({ public: false, roles: allowed });

/** Everybody who is signed in and acts for a party, whatever the role. */
export const SignedIn = (): Decorator => declare({ public: false, roles });

/** Everybody, signed in or not. */
export const Public = (): Decorator => declare({ public: true });

/** What is declared on a route, or undefined when nothing is: such a route stops the start. */
export const accessOf = (controller: object, handler: object): Access | undefined =>
  (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as Access | undefined;

const everyonesKey = 'peyvand:everyones';

/**
 * On a route with an id in its path: the thing is no secret of its parties, and why. Without it, whoever is no party of the thing is
 * answered 404 as if it were not there.
 */
export const Everyones = (why: string): MethodDecorator => (_target, _name, descriptor) => {
  Reflect.defineMetadata(everyonesKey, why, descriptor.value as object);
};

/** Why everybody may ask for the thing a route names, or undefined when only its parties may. */
export const everyonesOf = (handler: object): string | undefined => Reflect.getMetadata(everyonesKey, handler) as string | undefined;

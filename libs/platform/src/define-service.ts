import type { Provider, Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';

/** A service's table of contents: everything it is made of, in one list. */
export type ServiceDefinition = {
  /** Also its database (peyvand_<name>), its consumer group and its part of every path (/api/<name>/…). */
  readonly name: string;
  /** In the order they run. Names need no time stamp; their place in this list is their order, so only append. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** HTTP rims. */
  readonly controllers: readonly Type[];
  /** Classes with @OnFact, @OnFacts, @OnDeadline or @OnErrand methods. */
  readonly consumers: readonly Type[];
  /** Ports and other things that Nest constructs. */
  readonly providers: readonly Provider[];
  /** Its facts, deadlines and errands take turns: one writing transaction at a time, over all replicas (Source.takesTurns). */
  readonly takesTurns: boolean;
  /** Reads the service's own variables and throws `ConfigError`. Called first, so that all faults of a process are told together. */
  readonly config?: () => unknown;
};

/** Declares a service; lists left out are empty. */
export const defineService = (parts: Pick<ServiceDefinition, 'name'> & Partial<ServiceDefinition>): ServiceDefinition => {
  if (!/^[a-z][a-z0-9-]*$/.test(parts.name)) throw new Error(`A service's name is lower-case letters, digits and hyphens, got "${parts.name}"`);
  return { migrations: [], controllers: [], consumers: [], providers: [], takesTurns: false, ...parts };
};

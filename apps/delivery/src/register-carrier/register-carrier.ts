import { CarrierRegistered } from '@peyvand/contracts';
import { newId, refuse } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { done } from '@peyvand/platform';
import { insertCarrier } from '../store/reference.store.js';

/** From now on matches are given to this carrier too. */
export const registerCarrier = async (tx: Tx, command: { readonly id?: string; readonly name: string }) => {
  const carrierId = command.id ?? newId();
  if (!(await insertCarrier(tx, { id: carrierId, name: command.name }))) return refuse('carrier-registered-before');
  await tx.publish(CarrierRegistered.of({ carrierId }));
  return done({ carrierId });
};

import { randomBytes } from 'node:crypto';
import { topicOf, type FactContract, type Service } from '@peyvand/contracts';

export type Step = { orderId: string; n: number; buyerId?: string };

/** A contract of a service by that name. */
export const contract = (service: string, name: string): FactContract<Step> => {
  const made: FactContract<Step> = {
    service: service as Service, name, type: `ir.peyvand.${service}.${name}.v1`, topic: topicOf(service as Service), key: 'orderId', audience: { buyer: 'buyerId' }, summary: name,
    sample: { orderId: 'o', n: 1 },
    schema: { parse: (data: unknown) => data } as unknown as FactContract<Step>['schema'],
    of: (data) => ({ contract: made, data }),
  };
  return made;
};

/** Two services with names (and so topics) of their own, so that tests can share a broker. Two types of one and one of the other. */
export const newStory = () => {
  const tag = randomBytes(4).toString('hex');
  const [orders, financing] = [`orders${tag}`, `financing${tag}`];
  return { orders, financing, Began: contract(orders, 'Began'), Went: contract(orders, 'Went'), Paid: contract(financing, 'Paid') };
};

// The seals over the facts: a chain without a gap in which nothing was changed, whatever was killed while it was made.
import { audit } from '@peyvand/messaging';
import { services } from '../platform.mjs';

export const sealed = {
  name: 'every sealed fact stands as it was told, in one chain', unit: 'facts',
  check: async ({ platform, sealedTo }) => {
    const broken = [];
    let looked = 0;
    for (const service of services) {
      const { facts, findings, last } = await audit(platform.pool(service), { service, from: sealedTo[service] });
      looked += facts;
      broken.push(...findings.map((finding) => ({ service, ...finding })));
      if (last !== undefined) sealedTo[service] = last;
    }
    return { looked, broken };
  },
};

export const caused = {
  name: 'every fact names its cause', unit: 'facts',
  check: async ({ fresh }) => {
    const all = services.flatMap((service) => fresh[service].map((fact) => ({ service, ...fact })));
    return { looked: all.length, broken: all.filter(({ causationid }) => causationid === null).map(({ service, type, id }) => ({ service, type, id })) };
  },
};

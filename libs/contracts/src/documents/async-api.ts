import { partitions, topicOf, type FactContract, type Service } from '../contract.js';
import { jsonSchemaOf, type Json } from './json-schema.js';

/** AsyncAPI 3.0 of all facts: what a consumer of the topics needs to know. */
export const asyncApiOf = (contracts: readonly FactContract[]): Json => {
  const services = [...new Set(contracts.map(({ service }) => service))];
  const of = (service: Service) => contracts.filter((contract) => contract.service === service);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Peyvand: facts', version: '1',
      description: 'Every fact of the platform. Topics carry CloudEvents 1.0 in binary mode; the feed and its stream (GET /api/events) carry structured JSON with only the fields a party may see. Consumers ignore unknown fields and unknown types.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(services.map((service) => [service, {
      address: topicOf(service),
      messages: Object.fromEntries(of(service).map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
      bindings: { kafka: { topic: topicOf(service), partitions } },
    }])),
    operations: Object.fromEntries(services.map((service) => [`tell-${service}`, {
      action: 'send', channel: { $ref: `#/channels/${service}` }, summary: `${service} tells what happened, after it was committed`,
    }])),
    components: { messages: Object.fromEntries(contracts.map((contract) => [contract.name, messageOf(contract)])) },
  };
};

const messageOf = (contract: FactContract): Json => ({
  name: contract.type,
  title: contract.name,
  summary: contract.summary,
  contentType: 'application/json',
  headers,
  payload: { schemaFormat: 'application/schema+json;version=draft-2020-12', schema: jsonSchemaOf(contract) },
  bindings: { kafka: { key: { type: 'string', format: 'uuid', description: `${contract.key} of the data` } } },
  examples: [{ name: 'sample', payload: contract.sample }],
});

const text = { type: 'string' } as const;
const headers = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_recordedtime', 'ce_correlationid', 'ce_partitionkey'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: { ...text, format: 'uuid', description: 'UUIDv7; the same when a fact is delivered again' },
    ce_type: text,
    ce_source: text,
    ce_time: { ...text, format: 'date-time', description: 'Business clock' },
    ce_recordedtime: { ...text, format: 'date-time', description: 'Wall clock' },
    ce_correlationid: { ...text, description: 'The story' },
    ce_causationid: { ...text, description: 'The fact, command or deadline before this one' },
    ce_partitionkey: text,
    ce_groupid: { ...text, description: 'Shared by facts that tell of one happening over many orders' },
    traceparent: { ...text, description: 'W3C Trace Context' },
  },
} as const;

import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { services } from './platform.mjs';

const topics = services.filter((service) => service !== 'edge').map((service) => `peyvand.${service}`);

/**
 * Everything that arrived in the topics, in the order it arrived per partition, and the means to send some of it once more.
 * @returns {Promise<{ records: object[], sync(): Promise<void>, repeat(list: object[]): Promise<void>, send(topic: string, message: object): Promise<void>, close(): Promise<void> }>}
 */
export const recordTopics = (platform) => (platform.embedded ? recordLog(platform) : recordKafka(platform));

const recordLog = async (platform) => {
  const records = [];
  let last = 0;
  const add = (topic, { key, headers, value }) => platform.query('broker', `insert into log (topic, partition, key, headers, value) select $1, coalesce((select partition from log where topic = $1 and key = $2 limit 1), 0), $2, $3, $4`, [topic, key, JSON.stringify(headers), value]);
  return {
    records,
    sync: async () => {
      for (const row of await platform.query('broker', 'select topic, position::int, partition, key, headers, value from log where position > $1 order by position', [last])) {
        last = Math.max(last, row.position);
        records.push({ ...row, at: row.position });
      }
    },
    repeat: async (list) => {
      for (const one of list) await add(one.topic, one);
    },
    send: add, close: async () => {},
  };
};

const recordKafka = async (platform) => {
  const kafka = new kafkajs.Kafka({ clientId: 'rig', brokers: platform.kafka.brokers, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 20, initialRetryTime: 200, maxRetryTime: 2_000 } });
  const [admin, consumer, producer] = [kafka.admin(), kafka.consumer({ groupId: `rig-${process.pid}`, retry: { retries: 50, restartOnFailure: async () => true } }), kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })];
  await Promise.all([admin.connect(), consumer.connect(), producer.connect()]);
  const [records, seen] = [[], new Map()];
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch: { topic, partition, messages } }) => {
      for (const { key, headers, value, offset } of messages) {
        // A rebalance may bring some again: each place counts once.
        const place = `${topic}/${partition}`;
        if (Number(offset) <= (seen.get(place) ?? -1)) continue;
        seen.set(place, Number(offset));
        records.push({ topic, partition, at: Number(offset), key: key?.toString() ?? '', value: value?.toString() ?? '', headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text?.toString()])) });
      }
    },
  });
  const send = (topic, { key, headers, value }) => producer.send({ topic, acks: -1, messages: [{ key, headers, value }] });
  return {
    records,
    /** Until all that the topics hold now was seen. */
    sync: async () => {
      for (const until = Date.now() + 60_000; ; await sleep(50)) {
        const ends = (await Promise.all(topics.map(async (topic) => (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [`${topic}/${partition}`, Number(high)])))).flat();
        const behind = ends.filter(([place, high]) => high > (seen.get(place) ?? -1) + 1);
        if (behind.length === 0) return;
        if (Date.now() > until) throw new Error(`The rig did not read ${JSON.stringify(behind)} within a minute`);
      }
    },
    repeat: async (list) => {
      for (const { topic, ...message } of list) await send(topic, message);
    },
    send, close: () => Promise.all([admin, consumer, producer].map((one) => one.disconnect())),
  };
};

// npm run bench -- messaging   Real Kafka and a Postgres with fsync on; absolute figures beside every ratio.
import { kafkaBroker } from '@peyvand/messaging';
import { kafkaAvailable, startKafka } from '../../libs/messaging/kafka/start-kafka.mjs';
import { startCluster } from './cluster.mjs';
import { benchConsume } from './consume.mjs';
import { benchRelay } from './relay.mjs';
import { benchWritePath } from './write-path.mjs';

export default async function bench() {
  if ((await kafkaAvailable()) === undefined) throw new Error('This bench needs Kafka: install Java and Maven, or set KAFKA_BROKERS');
  const [cluster, kafka] = await Promise.all([startCluster(), startKafka()]);
  const broker = await kafkaBroker({ brokers: kafka.brokers, clientId: 'bench', createTopics: true });
  try {
    const write = await benchWritePath({ cluster });
    await broker.ensureTopics(['peyvand.financing']);
    const relay = await benchRelay({ cluster, broker });
    const consume = await benchConsume({ cluster, kafka, broker });
    return { write, relay, consume };
  } finally {
    await broker.close();
    await kafka.stop();
    await cluster.stop();
  }
}

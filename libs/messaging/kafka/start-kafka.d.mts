export function kafkaAvailable(): Promise<'external' | 'local' | undefined>;
export function startKafka(options?: { dir?: string; port?: number; settings?: Record<string, string> }): Promise<{ brokers: string[]; stop(): Promise<void>; kill(): Promise<void> }>;
export function installKafka(): Promise<string>;

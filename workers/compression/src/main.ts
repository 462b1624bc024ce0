/** The compression service as a process: `node src/main.ts`, configured by the variables of `settings.ts`. */
import { AICCompressionService } from '../generated/auralink/aic/v1/compression_pb.js';
import { AICObjectService } from '../generated/auralink/aic/v1/objects_pb.js';
import { CodecPool } from './frames/codec-pool.ts';
import { createFrameService } from './frames/frames.service.ts';
import { HealthReporter } from './frames/health.ts';
import { ObjectTasks } from './objects/object-tasks.ts';
import { createObjectService } from './objects/objects.service.ts';
import { TaskQueue } from './objects/task-queue.ts';
import { listen } from './server/listen.ts';
import { createObjectExchange } from './server/object-exchange.ts';
import { readSettings, type Settings } from './settings.ts';

function objectOptions(settings: Settings) {
  const { objectProcesses: processes, maxProcessBytes, workFolder, maxObjectBytes: maxBytes } = settings;
  return {
    videos: new TaskQueue({ processes, maxProcessBytes, workFolder }),
    images: new TaskQueue({ processes, maxProcessBytes, workFolder }),
    limits: { origins: settings.objectOrigins, folder: settings.objectFolder, maxBytes },
    maxSeconds: settings.maxObjectSeconds,
  };
}

async function main(): Promise<void> {
  const settings = readSettings();
  let isDraining = false;
  const refusal = () => (isDraining ? 'the service is about to end' : undefined);
  const pool = new CodecPool({
    processes: settings.codecProcesses,
    maxSessions: settings.maxSessions,
    maxProcessBytes: settings.maxProcessBytes,
  });
  const processes = settings.codecProcesses + 2 * settings.objectProcesses + 1;
  const health = new HealthReporter({ pool, maxBytes: settings.maxProcessBytes * processes, refusal });
  await pool.warmUp();
  const { objectFolder, maxObjectBytes } = settings;
  const options = objectOptions(settings);
  const tasks = new ObjectTasks(options, settings.taskOwnerSeconds);
  const isNeeded = (name: string) => tasks.needs(name);
  const server = await listen({
    ...settings,
    objects: objectFolder ? await createObjectExchange(objectFolder, maxObjectBytes, isNeeded) : undefined,
    refusal,
    routes: (router) =>
      router
        .service(AICCompressionService, createFrameService({ pool, health }))
        .service(AICObjectService, createObjectService(options, tasks)),
  });
  const end = async () => {
    if (isDraining) process.exit(1); // asked twice
    isDraining = true;
    await server.drain(settings.drainSeconds * 1_000);
    pool.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end());
  console.log(JSON.stringify({ event: 'compression.listening', host: settings.host, port: server.port }));
}

main().catch((error: unknown) => {
  console.error(
    JSON.stringify({ event: 'compression.failed', reason: error instanceof Error ? error.message : error }),
  );
  process.exit(1);
});

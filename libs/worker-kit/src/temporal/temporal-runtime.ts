import type { LoggerService } from '@nestjs/common';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

let installed = false;

/**
 * Installs the SDK's runtime once per process, before any connection. It leaves the signals alone: the process drains the
 * worker itself. Warnings of the SDK go to our log without their errors, whose messages we do not control.
 */
export function installTemporalRuntime(logger: LoggerService): void {
  if (installed) return;
  installed = true;
  const sdkLogger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    const { activityType, workflowType, workflowId, attempt } = (meta ?? {}) as Record<string, unknown>;
    const line = { msg: message, activityType, workflowType, workflowId, attempt };
    if (level === 'ERROR') logger.error(line, 'TemporalSdk');
    else logger.warn(line, 'TemporalSdk');
  });
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  Runtime.install({
    shutdownSignals: [],
    logger: sdkLogger,
    telemetryOptions: { logging: { filter, forward: {} } },
  });
}

import { Controller, Get } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Keyless } from '../http/service-key.guard.js';
import { Problem, problemDetails } from '../http/problem.js';

/** Whether the process lives, and whether it can serve. */
@Keyless()
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<{ status: string }> {
    try {
      await this.database.pool.query('select 1');
    } catch {
      throw new Problem(problemDetails(503, 'database_unavailable', 'The database cannot be reached.'), 1);
    }
    return { status: 'ok' };
  }
}

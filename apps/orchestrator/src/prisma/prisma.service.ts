import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Database } from '../database/database.js';
import { PrismaClient } from '../generated/prisma/client.js';
import type { Prisma } from '../generated/prisma/client.js';

/**
 * Prisma for reading and writing single records, where it reads simpler than SQL. A transaction that locks, or a
 * statement over many rows, uses {@link Database} instead. Both share one pool.
 */
@Injectable()
export class PrismaService {
  /** For tables that belong to no workspace; of all others it sees nothing. */
  readonly client: PrismaClient;

  constructor(database: Database) {
    this.client = new PrismaClient({ adapter: new PrismaPg(database.pool) });
  }

  /** One transaction of a workspace, as `Database.inWorkspace`. */
  async inWorkspace<T>(workspaceId: string, work: (prisma: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    return this.client.$transaction(async (prisma) => {
      await prisma.$queryRaw`select set_config('app.workspace', ${workspaceId}, true)`;
      return work(prisma);
    });
  }
}

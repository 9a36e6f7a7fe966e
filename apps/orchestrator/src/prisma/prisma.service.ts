import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Database } from '../database/database.js';
import { PrismaClient } from '../generated/prisma/client.js';

/**
 * Prisma for reading single records of no workspace, where it reads simpler than SQL. Everything else uses {@link Database}.
 * Both share one pool.
 */
@Injectable()
export class PrismaService {
  /** Sets no workspace, so of the tables of workspaces it sees nothing. */
  readonly client: PrismaClient;

  constructor(database: Database) {
    this.client = new PrismaClient({ adapter: new PrismaPg(database.pool) });
  }
}

import { defineConfig } from 'prisma/config';

/** Read by the `prisma` command only. The owner's URL is needed by `prisma migrate`, not by `prisma generate`. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(process.env['DATABASE_ADMIN_URL'] ? { datasource: { url: process.env['DATABASE_ADMIN_URL'] } } : {}),
});

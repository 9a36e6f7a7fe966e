import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env['UNO_API_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@uno/source', 'module', 'browser', 'development|production'] },
  build: { outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 1_600 },
  server: {
    host: '127.0.0.1',
    port: 5_173,
    proxy: { '/v1': api, '/socket.io': { target: api, ws: true } },
  },
});

import { setFlagsFromString } from 'node:v8';

/**
 * Left alone, V8 lets the heap grow to several times of what is alive before it collects, and so a large import is seen in
 * memory that nobody uses. Import this first: it counts from the collection that follows the loading of modules. See
 * docs/adr/0021.
 */
setFlagsFromString('--heap-growing-percent=60');

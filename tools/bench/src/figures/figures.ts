import type { Figure } from '../report/figure.js';
import { acceptFigure } from './accept.figure.js';
import { cancelFigure } from './cancel.figure.js';
import { eventsFigure } from './events.figure.js';
import { firstCellFigure } from './first-cell.figure.js';
import { floorFigure, floorInBulkFigure } from './floor.figure.js';
import { killFigure } from './kill.figure.js';
import { makespanFigure } from './makespan.figure.js';

/** The sub-commands, in the order of the report. */
export const FIGURES: readonly Figure[] = [
  floorFigure,
  floorInBulkFigure,
  eventsFigure,
  makespanFigure,
  acceptFigure,
  firstCellFigure,
  cancelFigure,
  killFigure,
];

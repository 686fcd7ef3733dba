import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { Segment, TargetState } from '../../domain/watching/segment.js';
import { inRows, inTable, isTable, type StateTable, type Travelling } from '../../domain/watching/state-table.js';
import { KNOWS_ROWS_ALONE } from '../activities.js';
import { causeOf } from '../run/away.js';

/**
 * How the states of one watch travel to workers of which nobody knows how old they are: in rows until a report has come as a table. A worker that knows
 * rows alone fails a table at once, and is never given another. It waits for nothing, so no recorded history goes another way by it.
 */
export class FormOfStates {
  #asks: 'rows' | 'table' | 'rows for good' = 'rows';
  #given: readonly TargetState[] = [];

  /** The states for the next segment. */
  given(states: readonly TargetState[]): readonly TargetState[] | StateTable {
    this.#given = states;
    return this.#asks === 'table' ? inTable({ states }).states : states;
  }

  told(report: Travelling<Segment>): Segment {
    if (this.#asks === 'rows' && isTable(report.states)) this.#asks = 'table';
    return inRows<Segment>(report, this.#given);
  }

  /** After a worker that was lost, whoever has the next segment may know rows alone. */
  failed(error: unknown): void {
    if (this.#asks !== 'table' || isCancellation(error)) return;
    const cause = causeOf(error);
    const refused = cause instanceof ApplicationFailure && cause.type === KNOWS_ROWS_ALONE;
    this.#asks = refused ? 'rows for good' : 'rows';
  }
}

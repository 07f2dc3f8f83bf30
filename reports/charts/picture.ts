import type { EChartsOption } from 'echarts';
import type { WordKept, WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { MarginHistogram } from '../../domain/metrics/margins.ts';

/** What the pictures of a report are made of, all of it counted at the same moment. */
export interface ReportFigures {
  /** Everything chosen as one group; its key says nothing. */
  readonly total: WordKeptGroup;
  readonly weeks: Pick<WordKept, 'groups'>;
  readonly groups: Pick<WordKept, 'groups' | 'by'>;
  /** Null where nothing was fulfilled. */
  readonly margins: MarginHistogram | null;
}

/** One picture with what it says; it can be drawn in any width, for any ground. */
export interface Picture {
  readonly name: 'weeks' | 'margins' | 'groups';
  readonly title: string;
  /** What is seen, in words and numbers. */
  readonly reading: string;
  /** What a reader needs to know besides. */
  readonly notes: readonly string[];
  readonly heightOf: (frame: Frame) => number;
  readonly optionOf: (frame: Frame, paint: Paint) => EChartsOption;
}

/** How wide, in the pixels that text is measured in. */
export interface Frame {
  readonly width: number;
}

/** Too narrow for names beside what they name. */
export const isNarrow = ({ width }: Frame): boolean => width < 480;

/** The colours of one ground. */
export interface Paint {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly track: string;
  readonly ground: string;
  readonly accent: string;
  readonly good: string;
  readonly bad: string;
  readonly badPaper: string;
}

/** The colours of the pages, light or dark as the reader has it: `web/assets/style.css` says which. */
export const PAGE_PAINT: Paint = {
  ink: 'var(--ink)',
  soft: 'var(--soft)',
  line: 'var(--line)',
  track: 'var(--track)',
  ground: 'var(--card)',
  accent: 'var(--accent)',
  good: 'var(--good)',
  bad: 'var(--bad)',
  badPaper: 'var(--bad-paper)',
};

/** Black on white, for files. */
export const PAPER_PAINT: Paint = {
  ink: '#1b1f27',
  soft: '#59606d',
  line: '#dcdcd6',
  track: '#e4e6ec',
  ground: '#ffffff',
  accent: '#3450c4',
  good: '#226b43',
  bad: '#b3261e',
  badPaper: '#f8dcd8',
};

export const FONT_PX = 12;

/** About how wide the longest line of a text is; rather too wide than cut. */
export const textPx = (text: string): number =>
  Math.max(...text.split('\n').map((line) => line.length)) * FONT_PX * 0.57;

/** Fewer promises than this make a rate jump: it is shown, but neither praised nor blamed. */
export const FEW = 30;

/** Those that a rate is taken over. */
export const dueOf = ({ kept, broken, overdue }: Pick<WordKeptGroup, 'kept' | 'broken' | 'overdue'>): number =>
  kept + broken + overdue;

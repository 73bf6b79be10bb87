import { OneOf, Whole } from '@peyvand/platform';

export class ImportQuery {
  @OneOf(['preview', 'commit'], { description: 'preview checks everything and writes no order' }) mode: 'preview' | 'commit';
  @OneOf(['native', 'uci-retail'], { optional: true, description: 'native when left out' }) profile?: 'native' | 'uci-retail';
  @OneOf(['refuse-all', 'valid-only'], { optional: true, description: 'What one fault means: native refuses all when left out, uci-retail takes the valid rows' }) onFault?: 'refuse-all' | 'valid-only';
  @Whole({ min: 1, max: 1_000_000_000, optional: true, description: 'uci-retail: rials per pound' }) rate?: number;
  @Whole({ min: -20_000, max: 20_000, optional: true, description: 'uci-retail: days from the file’s dates to yours' }) dateShiftDays?: number;
  @Whole({ min: 0, max: 3_650, optional: true, description: 'uci-retail: days from the shifted date until the goods are needed; 30 when left out' }) neededWithinDays?: number;
  @Whole({ min: 1, max: 10_000, optional: true, description: 'uci-retail: the ceiling in per cent of the row’s price; no ceiling when left out' }) ceilingPercent?: number;
}

/** A column of the list of a run, as it is asked for: configs name attributes and columns by their titles. */
export interface PlannedColumn {
  readonly name: string;
  readonly service: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What the lists of a campaign hold: columns of data alone, or one job over the columns of four teams. */
export const COLUMN_SETS = ['data', 'six'] as const;
export type ColumnSet = (typeof COLUMN_SETS)[number];

export const COMPANY_NAME = 'Security';
/** Only lists with columns of several teams have it; companies are known by it there. */
export const COMPANY_DOMAIN = 'Domain';

export const dataColumn = (attribute: string): PlannedColumn => ({
  ...{ name: attribute, service: 'enrich', config: { attribute } },
});

const SEGMENTS = ['Hardware', 'Software', 'Services', 'Everything else'];

/**
 * Two columns of data, two of AI of which one reads a column of data, one of signals, and one that writes three others to the CRM.
 *
 * @param attribute of the second column of data; the first holds the industry.
 */
export function sixColumns(attribute: string): PlannedColumn[] {
  return [
    dataColumn('industry'),
    dataColumn(attribute),
    {
      ...{ name: 'Summary', service: 'ai' },
      config: { prompt: `One line on {{${COMPANY_NAME}}}, an {{industry}} firm`, answer: { type: 'text' } },
    },
    {
      ...{ name: 'Segment', service: 'ai' },
      config: { prompt: `What does {{${COMPANY_NAME}}} sell?`, answer: { type: 'one_of', options: SEGMENTS } },
    },
    { name: 'News', service: 'signals', config: { kinds: ['funding', 'hiring', 'news'], withinDays: 365 } },
    {
      ...{ name: 'CRM', service: 'crm' },
      config: {
        ...{ object: 'company', matchOn: 'domain' },
        map: { name: COMPANY_NAME, industry: 'industry', uno_summary: 'Summary', uno_segment: 'Segment' },
      },
    },
  ];
}

/** Whether the list of these columns says the domain of its companies. */
export const hasDomains = (columns: readonly PlannedColumn[]): boolean =>
  columns.some(({ service }) => service === 'crm');

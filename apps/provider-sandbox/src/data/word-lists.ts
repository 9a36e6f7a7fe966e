/** Word lists of the made-up data. Lists with one entry per provider are parallel: the same index means the same thing. */
export const LUSHA_INDUSTRIES = [
  'Technology, Information & Media',
  'Software Development',
  'Financial Services',
  'Hospitals & Health Care',
  'Pharmaceuticals & Biotechnology',
  'Retail',
  'Manufacturing',
  'Transportation, Logistics & Storage',
  'Oil, Gas & Mining',
  'Utilities',
  'Real Estate',
  'Construction',
  'Education',
  'Professional Services',
  'Food & Beverage',
  'Hospitality & Travel',
  'Telecommunications',
  'Aerospace & Defense',
  'Chemicals',
  'Consumer Goods',
] as const;

export const PDL_INDUSTRIES = [
  'Internet',
  'Computer Software',
  'Financial Services',
  'Hospital & Health Care',
  'Biotechnology',
  'Retail',
  'Machinery',
  'Logistics And Supply Chain',
  'Oil & Energy',
  'Utilities',
  'Real Estate',
  'Construction',
  'E-Learning',
  'Management Consulting',
  'Food & Beverages',
  'Leisure, Travel & Tourism',
  'Telecommunications',
  'Aviation & Aerospace',
  'Chemicals',
  'Consumer Goods',
] as const;

export const PLACES = [
  ['New York', 'United States'],
  ['San Francisco', 'United States'],
  ['Chicago', 'United States'],
  ['Austin', 'United States'],
  ['Seattle', 'United States'],
  ['Boston', 'United States'],
  ['Atlanta', 'United States'],
  ['Minneapolis', 'United States'],
  ['Toronto', 'Canada'],
  ['London', 'United Kingdom'],
  ['Dublin', 'Ireland'],
  ['Berlin', 'Germany'],
  ['Munich', 'Germany'],
  ['Paris', 'France'],
  ['Amsterdam', 'Netherlands'],
  ['Stockholm', 'Sweden'],
  ['Zurich', 'Switzerland'],
  ['Madrid', 'Spain'],
  ['São Paulo', 'Brazil'],
  ['Singapore', 'Singapore'],
  ['Tokyo', 'Japan'],
  ['Sydney', 'Australia'],
] as const;

/** In US dollars a year. */
export const REVENUE_RANGES = [
  [1e6, 10e6],
  [10e6, 25e6],
  [25e6, 50e6],
  [50e6, 100e6],
  [100e6, 250e6],
  [250e6, 500e6],
  [500e6, 1e9],
  [1e9, 10e9],
] as const;

export const JOB_TITLES = [
  'Account Executive',
  'Software Engineer',
  'Marketing Manager',
  'Finance Director',
  'Product Manager',
  'Data Scientist',
  'Sales Director',
  'Customer Success Manager',
  'Operations Analyst',
  'Chief Technology Officer',
  'Procurement Specialist',
  'Human Resources Partner',
] as const;

export const LUSHA_SENIORITIES = ['entry', 'senior', 'manager', 'director', 'vice president', 'c-suite'] as const;
export const PDL_SENIORITIES = ['entry', 'senior', 'manager', 'director', 'vp', 'cxo'] as const;

export const FIRST_NAMES = ['Alex', 'Jamie', 'Robin', 'Sam', 'Kim', 'Taylor', 'Jordan', 'Morgan'] as const;
export const LAST_NAMES = ['Miller', 'Garcia', 'Nguyen', 'Novak', 'Okafor', 'Silva', 'Berg', 'Tanaka'] as const;

/** Lusha's name for a surge in hiring. */
export const HIRING = 'surgeInHiring';

/** What Lusha's kinds of news tell: an event type and what a headline says after the company's name; `#` is a figure. */
export const NEWS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  financialEventsNews: [
    ['Funding Round', 'raises $#M in a new round'],
    ['Strategic Investment', 'takes in $#M from a strategic investor'],
    ['IPO', 'files for a listing at $#0M'],
  ],
  commercialActivityNews: [
    ['Partnership', 'partners with # resellers'],
    ['New Customer', 'wins a contract worth $#M'],
  ],
  corporateStrategyNews: [
    ['New Location', 'opens an office for # people'],
    ['Facilities Expansion', 'expands its site by # %'],
  ],
  marketIntelligenceNews: [
    ['Competitor Activity', 'gains # % of its market'],
    ['Recognition', 'is named among the top # of its trade'],
  ],
  productActivityNews: [
    ['Product Launch', 'launches version # of its product'],
    ['Product Integration', 'connects its product with # others'],
  ],
  riskNews: [
    ['Security Issue', 'closes # security holes'],
    ['Lawsuit Faced', 'faces a claim of $#M'],
  ],
  peopleNews: [
    ['Executive Hire', 'hires # senior people'],
    ['Executive Departure', 'sees a director leave after # years'],
  ],
};

/** Halves of what a model says about a prompt. */
export const MODEL_SUBJECTS = [
  'a steady performer',
  'a clear leader in its field',
  'a young and fast mover',
  'a solid choice for large customers',
  'a specialist with a narrow focus',
  'a well run challenger',
  'a household name at home',
  'a quiet champion',
] as const;

export const MODEL_REASONS = [
  'that grows faster than its market',
  'that invests in its own products',
  'with loyal customers on two continents',
  'that hires ahead of demand',
  'with more cash than debt',
  'that is known for its service',
  'with a new team at the top',
  'that sells through partners',
] as const;

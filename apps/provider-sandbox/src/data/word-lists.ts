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

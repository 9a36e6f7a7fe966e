interface BundlerConfig {
  readonly resolve?: object;
}

/**
 * A `webpackConfigHook` that makes Temporal's bundler take the sources of our libraries instead of their builds. Without it
 * a test would silently bundle a stale `dist`.
 */
export function sourceConditionHook<Config extends BundlerConfig>(config: Config): Config {
  const resolve = {
    ...config.resolve,
    conditionNames: ['@uno/source', 'import', 'require', 'node', 'default'],
    extensionAlias: { '.js': ['.ts', '.js'] },
  };
  return { ...config, resolve };
}

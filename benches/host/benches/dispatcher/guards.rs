pub(crate) fn run(_: &mut spindle_bench_host::Suite) {}

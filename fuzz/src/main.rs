//! The fuzzer's program; `./x fuzz` builds and runs it. An ordinary build of it does nothing.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    use std::sync::LazyLock;
    static TARGET: LazyLock<fuzz::Target> = LazyLock::new(|| {
        let name = std::env::var("TIKMETER_FUZZ").expect("TIKMETER_FUZZ names the target");
        fuzz::target(&name).expect("TIKMETER_FUZZ names a target that there is")
    });
    (TARGET.run)(data);
});

#[cfg(not(fuzzing))]
fn main() {
    println!("This program was not built for fuzzing: run ./x fuzz {}", fuzz::names().join("|"));
}

//! The `breezeway` binary.

fn main() -> std::process::ExitCode {
    breezeway::main()
}

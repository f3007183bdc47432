//! Login names as small providers give them out.

use std::collections::BTreeSet;

use rand::RngExt as _;
use rand::rngs::StdRng;

const GIVEN: [&str; 32] = [
    "juan", "maria", "jose", "ana", "pedro", "rosa", "carlos", "lucia", "miguel", "elena", "ramon", "teresa",
    "luis", "carmen", "jorge", "paula", "diego", "marta", "andres", "sofia", "rafael", "irene", "hector",
    "julia", "oscar", "nora", "ivan", "clara", "felix", "gloria", "ruben", "silvia",
];
const FAMILY: [&str; 24] = [
    "santos",
    "reyes",
    "cruz",
    "garcia",
    "lopez",
    "torres",
    "flores",
    "rivera",
    "gomez",
    "diaz",
    "ramos",
    "mendoza",
    "castro",
    "ortiz",
    "morales",
    "aquino",
    "navarro",
    "delgado",
    "herrera",
    "vega",
    "salazar",
    "luna",
    "campos",
    "villanueva",
];

/// Two that real customers' routers have and careless programs trip over: a Windows-1252 byte and a space.
const ODD: [&[u8]; 2] = [b"norma.pe\xF1a", b"tienda rosita"];

/// That many different names.
pub(crate) fn names(count: usize, rng: &mut StdRng) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = ODD.iter().take(count).map(|name| name.to_vec()).collect();
    let mut known: BTreeSet<Vec<u8>> = names.iter().cloned().collect();
    while names.len() < count {
        let name = name(rng, names.len()).into_bytes();
        if known.insert(name.clone()) {
            names.push(name);
        }
    }
    names
}

fn name(rng: &mut StdRng, number: usize) -> String {
    let given = GIVEN[rng.random_range(0..GIVEN.len())];
    let family = FAMILY[rng.random_range(0..FAMILY.len())];
    match rng.random_range(0..6) {
        0 | 1 => format!("{given}.{family}"),
        2 => format!("{given}{family}"),
        3 => format!("{given}_{family}@fibra"),
        4 => format!("{family}-{:03}", number % 1000),
        _ => format!("{}{family}{number}", &given[..1]),
    }
}

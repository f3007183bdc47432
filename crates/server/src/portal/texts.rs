//! Every text of the pages, in each language. The compiler sees to it that none lacks one.

use super::language::Language;

macro_rules! texts {
    ($($name:ident: $english:literal / $indonesian:literal;)*) => {
        /// What is said on pages. `{s}` stands for seconds, `{time}` and `{data}` for what is left.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Text { $($name,)* }

        impl Text {
            /// All of them, as templates name them.
            const ALL: &'static [(&'static str, Text)] = &[$((stringify!($name), Text::$name),)*];

            /// In that language.
            pub(super) fn within(self, language: Language) -> &'static str {
                let [english, indonesian] = match self { $(Text::$name => [$english, $indonesian],)* };
                match language {
                    Language::English => english,
                    Language::Indonesian => indonesian,
                }
            }
        }
    };
}

texts! {
    GoOnline: "Go online" / "Masuk ke internet";
    CodeOfVoucher: "Code of your voucher" / "Kode voucher Anda";
    HaveKey: "I was online before and have a key" / "Saya pernah masuk dan punya kunci";
    KeyShown: "The key you were shown when you went online" / "Kunci yang ditampilkan saat Anda masuk";
    MoveHere: "Move what is left to this device" / "Pindahkan sisanya ke perangkat ini";
    RestOfVoucher: "There is something left of a voucher you used here:" / "Masih ada sisa voucher yang pernah Anda pakai di sini:";
    GoOnWithIt: "Go on with it" / "Lanjutkan";
    Online: "You are online" / "Sudah online";
    TimeLeft: "Time left" / "Sisa waktu";
    DataLeft: "Data left" / "Sisa kuota";
    Days: "d" / "hari";
    NoTimeLimit: "no time limit" / "tanpa batas waktu";
    NoDataLimit: "no data limit" / "tanpa batas kuota";
    ShowLeft: "Show what is left now" / "Tampilkan sisa sekarang";
    KeepKey: "Keep this key" / "Simpan kunci ini";
    WhyKeepKey: "If your phone shows the Wi-Fi another address the next time, this moves what is left to it:" /
        "Jika lain kali ponsel Anda memakai alamat lain di Wi-Fi ini, kunci ini memindahkan sisanya:";
    EndSession: "End session" / "Akhiri sesi";
    TimeGoesOn: "When you end the session, the time of the voucher goes on. You can go online again until it is over." /
        "Setelah sesi diakhiri, waktu voucher tetap berjalan. Anda bisa masuk lagi sampai waktunya habis.";
    SessionEnded: "Session ended" / "Sesi diakhiri";
    AlreadyActivated: "Already activated" / "Sudah aktif";
    Paused: "Your voucher is paused: it lets nobody in until whoever runs this Wi-Fi lets it go on. What is left of it waits: {time}, {data}." /
        "Voucher Anda sedang dijeda dan baru bisa dipakai lagi setelah pengelola Wi-Fi ini melanjutkannya. Sisanya tidak hilang: {time}, {data}.";
    TimeOver: "Your voucher is over: its time is used up. Enter the code of another one to go online." /
        "Voucher Anda sudah habis: waktunya sudah terpakai. Masukkan kode voucher lain untuk online.";
    DataOver: "Your voucher is over: its data is used up. Enter the code of another one to go online." /
        "Voucher Anda sudah habis: kuotanya sudah terpakai. Masukkan kode voucher lain untuk online.";
    Revoked: "Your voucher was taken out of use. Ask whoever runs this Wi-Fi, or enter the code of another one." /
        "Voucher Anda sudah tidak berlaku. Tanyakan pengelola Wi-Fi ini, atau masukkan kode voucher lain.";
    NotOnline: "This device is not online at the moment." / "Perangkat ini sedang tidak online.";
    ConnectFirst: "Connect to the Wi-Fi first" / "Sambungkan ke Wi-Fi dulu";
    HowToConnect: "Connect this device to the Wi-Fi and open its login page: it appears by itself, or when you open any page whose address begins with http and not with https. If this code does not stand there, type it:" /
        "Sambungkan perangkat ini ke Wi-Fi dan buka halaman masuknya: halaman itu muncul sendiri, atau saat Anda membuka halaman apa saja yang alamatnya diawali http, bukan https. Jika kode ini belum terisi di sana, ketiklah:";
    Done: "Done" / "Selesai";
    LookAgain: "Look again" / "Lihat lagi";
    NotHere: "Not here" / "Tidak ada di sini";
    NothingHere: "Nothing is at this address." / "Tidak ada apa-apa di alamat ini.";
    WrongMethod: "This address does not take that method; nothing was changed." /
        "Alamat ini tidak menerima cara itu; tidak ada yang diubah.";
    NotNow: "Not now" / "Belum bisa";
    Broken: "A fault of this program stopped this request. Try again, and tell whoever runs this Wi-Fi." /
        "Permintaan ini gagal karena kesalahan program. Coba lagi, dan beri tahu pengelola Wi-Fi ini.";
    Wait: "Too many tries. Wait {s} s and try again." / "Terlalu banyak percobaan. Tunggu {s} detik, lalu coba lagi.";
    NotHandedOver: "This device is not known here, or not any more. Leave the Wi-Fi and join it again, or open any page whose address begins with http://, and use the page that appears." /
        "Perangkat ini tidak atau tidak lagi dikenal di sini. Putuskan Wi-Fi lalu sambungkan lagi, atau buka halaman apa saja yang alamatnya diawali http://, dan pakai halaman yang muncul.";
    Malformed: "This page was opened with an address that names no device. Leave the Wi-Fi and join it again." /
        "Alamat halaman ini tidak menyebut perangkat apa pun. Putuskan Wi-Fi lalu sambungkan lagi.";
    NotInSight: "The router does not show this device. Leave the Wi-Fi and join it again." /
        "Router tidak melihat perangkat ini. Putuskan Wi-Fi lalu sambungkan lagi.";
    AnotherPeer: "This page was opened for another device, or the network hides this device's address. Leave the Wi-Fi and join it again; if that does not help, tell whoever runs it." /
        "Halaman ini dibuka untuk perangkat lain, atau jaringan menyembunyikan alamat perangkat ini. Putuskan Wi-Fi lalu sambungkan lagi; jika tidak membantu, beri tahu pengelolanya.";
    InvalidCode: "Invalid voucher code" / "Kode voucher tidak berlaku";
    AlreadyUsed: "Voucher already used" / "Voucher sudah dipakai";
    OtherVoucher: "This device is online with another voucher. End that session first." /
        "Perangkat ini masuk dengan voucher lain. Akhiri sesi itu dulu.";
    InvalidKey: "This key is unknown." / "Kunci ini tidak dikenal.";
    NothingNamed: "Nothing was changed: enter the code of the voucher." / "Tidak ada yang diubah: masukkan kode voucher.";
    Failed: "Failed to authorize with router. Please check MikroTik connection and try again." /
        "Router tidak memberi izin masuk. Coba lagi sebentar, atau beri tahu pengelola Wi-Fi ini.";
    Busy: "Many devices ask at this moment. Try again in a few seconds." / "Banyak perangkat sedang meminta. Coba lagi beberapa detik lagi.";
}

impl Text {
    /// In the language that was asked for.
    pub(super) fn told(self) -> &'static str {
        self.within(Language::asked())
    }

    /// The one that a template names.
    ///
    /// # Panics
    /// When there is none: the templates are ours.
    pub(super) fn named(name: &str) -> Text {
        let known = Text::ALL.iter().find(|(known, _)| *known == name);
        known.unwrap_or_else(|| panic!("there is no text {name}")).1
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_language_says_everything_in_its_own_words() {
        for language in [Language::English, Language::Indonesian] {
            let mut said = BTreeSet::new();
            for (name, text) in Text::ALL {
                let words = text.within(language);
                assert!(!words.trim().is_empty() && words.trim() == words, "{name}: {words:?}");
                assert!(said.insert(words), "{name} is said twice: {words}");
                assert_eq!(Text::named(name), *text);
            }
        }
        for (name, text) in Text::ALL {
            let [english, indonesian] = [Language::English, Language::Indonesian].map(|one| text.within(one));
            assert_ne!(english, indonesian, "{name}");
            for slot in ["{s}", "{time}", "{data}"] {
                assert_eq!(english.contains(slot), indonesian.contains(slot), "{name}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "there is no text Nonsense")]
    fn a_template_that_names_none_is_a_fault() {
        let _ = Text::named("Nonsense");
    }
}

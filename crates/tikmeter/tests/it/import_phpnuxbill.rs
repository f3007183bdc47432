//! `tikmeter import phpnuxbill`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::stderr;
use crate::server::Server;
use crate::terminal::answered;

/// As mysqldump writes it: tables as PHPNuxBill makes them, of some of which nothing is taken.
pub(crate) const DUMP: &str = r#"-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `tbl_appconfig`;
CREATE TABLE `tbl_appconfig` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `setting` mediumtext NOT NULL,
  `value` mediumtext,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
INSERT INTO `tbl_appconfig` VALUES (1,'CompanyName','it\'s; (ours)'),(6,'timezone','Asia/Jakarta');
CREATE TABLE `tbl_bandwidth` (
  `id` int(10) unsigned NOT NULL, `name_bw` varchar(255) NOT NULL, `rate_down` int(10) unsigned NOT NULL,
  `rate_down_unit` enum('Kbps','Mbps') NOT NULL, `rate_up` int(10) unsigned NOT NULL,
  `rate_up_unit` enum('Kbps','Mbps') NOT NULL, `burst` varchar(128) NOT NULL DEFAULT '');
INSERT INTO `tbl_bandwidth` VALUES (1,'fast',20,'Mbps',5,'Mbps',''),(2,'slow',512,'Kbps',0,'Kbps','');
CREATE TABLE `tbl_plans` (
  `id` int(10) NOT NULL, `name_plan` varchar(40) NOT NULL, `id_bw` int(10) NOT NULL, `price` varchar(40) NOT NULL,
  `type` enum('Hotspot','PPPOE','Balance') NOT NULL, `typebp` enum('Unlimited','Limited') DEFAULT NULL,
  `limit_type` enum('Time_Limit','Data_Limit','Both_Limit') DEFAULT NULL, `data_limit` int(10) DEFAULT NULL,
  `data_unit` enum('MB','GB') DEFAULT NULL, `validity` int(10) NOT NULL,
  `validity_unit` enum('Mins','Hrs','Days','Months','Period') NOT NULL, `shared_users` int(10) DEFAULT NULL,
  `routers` varchar(32) NOT NULL);
INSERT INTO `tbl_plans` VALUES
 (1,'Home 20M/5M',1,'350000','PPPOE','Unlimited',NULL,NULL,NULL,1,'Months',1,'tower'),
 (2,'Day',2,'5000.00','Hotspot','Limited','Data_Limit',3,'GB',24,'Hrs',2,'tower'),
 (3,'Top up',0,'10000','Balance',NULL,NULL,NULL,NULL,0,'Days',NULL,'');
CREATE TABLE `tbl_routers` (
  `id` int(10) NOT NULL, `name` varchar(32) NOT NULL, `ip_address` varchar(128) NOT NULL, `username` varchar(50) NOT NULL,
  `password` varchar(60) NOT NULL, `description` varchar(256) DEFAULT NULL, `enabled` tinyint(1) NOT NULL DEFAULT '1');
INSERT INTO `tbl_routers` VALUES (1,'tower','192.0.2.7:8738','api','ge\'heim','',0);
CREATE TABLE `tbl_customers` (
  `id` int(10) NOT NULL, `username` varchar(45) NOT NULL, `password` varchar(45) NOT NULL,
  `pppoe_username` varchar(32) NOT NULL, `fullname` varchar(45) NOT NULL,
  `service_type` enum('Hotspot','PPPoE','Others') DEFAULT 'Others', `status` enum('Active','Banned') NOT NULL);
INSERT INTO `tbl_customers` VALUES
 (1,'ana','geheim','ana@isp','Ana "A", Añá','PPPoE','Active'),
 (2,'bob','geheim','','Bob','Hotspot','Banned'),
 (3,'cid','geheim','','Cid','Others','Active');
CREATE TABLE `tbl_user_recharges` (
  `id` int(10) NOT NULL, `customer_id` int(10) NOT NULL, `username` varchar(32) NOT NULL, `plan_id` int(10) NOT NULL,
  `namebp` varchar(40) NOT NULL, `expiration` date NOT NULL, `time` time NOT NULL, `status` varchar(20) NOT NULL,
  `routers` varchar(32) NOT NULL, `type` varchar(15) NOT NULL);
INSERT INTO `tbl_user_recharges` VALUES
 (7,1,'ana',1,'Home 20M/5M','2026-12-31','23:59:00','on','tower','PPPOE'),
 (8,2,'bob',2,'Day','2026-11-01','10:00:00','off','tower','Hotspot'),
 (5,2,'bob',1,'Home 20M/5M','2026-01-01','10:00:00','off','tower','PPPOE');
"#;

fn dump(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("dump.sql");
    std::fs::write(&file, text).unwrap();
    file
}

fn import<'w>(file: &'w Path, words: &[&'w str]) -> Vec<&'w str> {
    [&["import", "phpnuxbill", file.to_str().unwrap()], words].concat()
}

fn counts(imported: &Value) -> (usize, usize, Value, Value) {
    let import = &imported["import"];
    let number = |list: &str| import[list].as_array().unwrap().len();
    let subscribers = &import["subscribers"];
    (number("new_routers"), number("new_plans"), subscribers["new"].clone(), subscribers["same"].clone())
}

#[test]
fn routers_plans_and_customers_go_in_and_the_second_time_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (server, file) = (Server::serve(folder.path()), dump(folder.path(), DUMP));
    let told = server.text(&import(&file, &["--dry-run"]));
    for part in [
        "Nothing was written.",
        "would add 2 subscribers",
        "1 router would be added (tower)",
        "2 plans would be added",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(server.text(&["subscriber", "list"]).contains("No subscribers yet"));
    assert!(server.text(&["plan", "list"]).contains("No plans yet"));

    let imported = server.json(&import(&file, &[]));
    assert_eq!(counts(&imported), (1, 2, 2.into(), 0.into()), "{imported}");
    let left = imported["not_taken"].to_string();
    for part in ["the customer cid", "of their 2 plans the last one", "Home 20M-5M", "of the type Balance"] {
        assert!(left.contains(part), "{part}: {left}");
    }
    let again = server.json(&import(&file, &[]));
    assert_eq!(counts(&again), (0, 0, 0.into(), 2.into()), "{again}");

    let tower = server.json(&["router", "show", "tower"]);
    assert_eq!(
        (&tower["host"], &tower["port"], &tower["state"]),
        (&"192.0.2.7".into(), &8738.into(), &"disabled".into())
    );
    let plans = server.json(&["plan", "list"]);
    let (day, home) = (&plans["items"][0], &plans["items"][1]);
    assert_eq!(
        (&day["quota_octets"], &day["devices"], &day["price"]),
        (&3_000_000_000_u64.into(), &2.into(), &"5000.00".into())
    );
    assert_eq!(
        (&day["rate_down_bps"], &day["rate_up_bps"]),
        (&512_000.into(), &Value::Null),
        "0 is no limit"
    );
    assert_eq!((&home["validity"], &home["rate_down_bps"]), (&"30d".into(), &20_000_000.into()));
    let ana = server.json(&["subscriber", "show", "ana"]);
    assert_eq!((&ana["name"], &ana["plan"]), (&"Ana \"A\", Añá".into(), &"Home 20M-5M".into()));
    assert_eq!(ana["expiry_at"], "2026-12-31T16:59:00Z", "the dump's zone is seven hours ahead");
    assert_eq!(
        (&ana["logins"][0]["login"], &ana["logins"][0]["scope"]),
        (&"ana@isp".into(), &"router:tower".into()),
        "{ana}"
    );
    let bob = server.json(&["subscriber", "show", "bob"]);
    assert_eq!((&bob["status"], &bob["service"]), (&"suspended".into(), &"hotspot".into()));
    assert!(server.text(&["verify"]).contains("every total"));
}

/// The same tables as a `mysqldump` of MySQL 8 writes them: its head, its collation, comments for its versions, texts as bytes.
fn of_mysql_8() -> String {
    let head = "-- MySQL dump 10.13  Distrib 8.0.39, for Linux (x86_64)\n--\n-- Host: localhost    Database: nuxbill\n\
        -- ------------------------------------------------------\n-- Server version\t8.0.39\n\n\
        /*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n/*!50503 SET NAMES utf8mb4 */;\n\
        SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '';\n/*!50503 SET character_set_client = utf8mb4 */;\n\
        CREATE TABLE `tbl_logs` (`id` int NOT NULL, `body` json DEFAULT (_utf8mb4'{}'), `raw` varbinary(16)) \
        ENGINE=InnoDB /*!80000 COMMENT='x' */;\nLOCK TABLES `tbl_logs` WRITE;\n\
        INSERT INTO `tbl_logs` VALUES (1,'{\"a\": \\\"b\\\"}',_binary '\\0\\'ñ');\nUNLOCK TABLES;\n";
    let of_8 = |text: &str| {
        text.replace("int(10)", "int")
            .replace("varchar(45) NOT NULL", "varchar(45) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci NOT NULL")
            .replace("`routers` varchar(32) NOT NULL)", "`routers` varchar(32) NOT NULL, KEY `k` (`id`) /*!80000 INVISIBLE */)")
            .replace(");\nINSERT", ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;\n/*!40000 ALTER TABLE `x` DISABLE KEYS */;\nINSERT")
            .replace("'Ana \"A\", Añá'", "0x416E61202241222C2041C3B1C3A1")
            .replace("'Bob'", "_binary 'Bob'")
    };
    head.to_owned() + &of_8(DUMP)
}

#[test]
fn a_dump_of_mysql_8_becomes_what_one_of_before_does() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let become_of = |folder: &Path, text: &str| {
        let (server, file) = (Server::serve(folder), dump(folder, text));
        let imported = server.json(&import(&file, &["--yes"]));
        let subscribers = server.json(&["subscriber", "list"])["items"].as_array().unwrap().clone();
        let fields = ["username", "name", "login", "plan", "service", "status", "expiry_at", "scope", "zone"];
        let of = |one: &Value| fields.map(|field| one[field].clone());
        let subscribers: Vec<[Value; 9]> = subscribers.iter().map(of).collect();
        (counts(&imported), subscribers)
    };
    let of_8 = of_mysql_8();
    assert!(
        of_8.contains("0x416E61")
            && of_8.contains("utf8mb4_0900_ai_ci NOT NULL")
            && of_8.contains("INVISIBLE")
    );
    let (counted, subscribers) = become_of(folders[0].path(), &of_8);
    let names: Vec<_> = subscribers.iter().map(|one| one[1].as_str().unwrap()).collect();
    assert_eq!(names, ["Ana \"A\", Añá", "Bob"]);
    assert_eq!((counted, subscribers), become_of(folders[1].path(), DUMP));
}

#[test]
fn with_one_fault_nothing_at_all_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    server.text(&["subscriber", "add", "eva", "--login", "ana@isp"]);
    let file = dump(folder.path(), &DUMP.replace("'tower','PPPOE'),\n (8", "'','PPPOE'),\n (8"));
    let output = server.call(&import(&file, &[]));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("eva's already"), "{}", stderr(&output));
    assert!(server.text(&["plan", "list"]).contains("No plans yet"));
    assert!(!server.text(&["router", "list"]).contains("tower"));
}

#[test]
fn what_is_no_dump_is_told_and_on_a_terminal_it_is_asked_first() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    for (text, words) in [
        ("CREATE TABLE x (a int);", "no dump of PHPNuxBill"),
        (&DUMP[..DUMP.len() - 60], "cut off"),
        (&DUMP.replace("Asia/Jakarta", ""), "say it with --zone"),
    ] {
        let file = dump(folder.path(), text);
        let output = server.call(&import(&file, &[]));
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(words), "{words}: {}", stderr(&output));
    }
    let file = dump(folder.path(), DUMP);
    let shown = answered(&server, &import(&file, &[]), "no\n");
    assert!(shown.contains("would add 2 subscribers") && shown.contains("Type yes"), "{shown}");
    assert!(server.text(&["subscriber", "list"]).contains("No subscribers yet"));
    let shown = answered(&server, &import(&file, &[]), "yes\n");
    assert!(shown.contains("2 subscribers added"), "{shown}");
}
